from django.urls import path, register_converter

from courses import views
from courses.catalogue.months import TwoDigits

app_name = "courses"

register_converter(TwoDigits, "mm")

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("calendar.ics", views.feed, name="feed"),
    path("find/", views.find, name="find"),
    path("find/sent/", views.find_sent, name="find_sent"),
    path("runs/<str:public_id>/enrol/", views.enrol, name="enrol"),
    path("runs/<str:public_id>/enrol/<uuid:attempt>/", views.details, name="details"),
    path("runs/<str:public_id>/enrol/<uuid:attempt>/check/", views.check, name="check"),
    path("runs/<str:public_id>/enrol/<uuid:attempt>/done/", views.done, name="done"),
    path("manage/<str:token>/", views.manage, name="manage"),
    path("manage/<str:token>/calendar.ics", views.calendar, name="calendar"),
    path("manage/<str:token>/letter.pdf", views.letter, name="letter"),
    path("manage/<str:token>/details/", views.correct, name="correct"),
    path("manage/<str:token>/place/", views.offer, name="offer"),
    path("manage/<str:token>/move/", views.move, name="move"),
    path("manage/<str:token>/move/<str:public_id>/", views.move_check, name="move_check"),
    path("manage/<str:token>/withdraw/", views.withdraw, name="withdraw"),
    path("manage/<str:token>/pay/", views.pay, name="pay"),
    path("manage/<str:token>/pay/code.svg", views.pay_code, name="pay_code"),
    path("<int:year>/<mm:month>/", views.month, name="month"),
    path("<slug:slug>/", views.course, name="course"),
]
