from django.urls import path

from appointments import views
from appointments.calling import views as calling

app_name = "appointments"

urlpatterns = [
    path("", views.start, name="start"),
    path("book/", views.urgent, name="urgent"),
    path("book/now/", views.emergency, name="emergency"),
    path("book/visit/", views.service, name="service"),
    path("book/<str:public_id>/times/", views.times, name="times"),
    path("book/<str:public_id>/choose/", views.choose, name="choose"),
    path("book/a/<uuid:attempt>/who/", views.who, name="who"),
    path("book/a/<uuid:attempt>/signs/", views.signs, name="signs"),
    path("book/a/<uuid:attempt>/check/", views.check, name="check"),
    path("call-me-back/", calling.call_me_back, name="call_me_back"),
    path("call-me-back/sent/<str:token>/", calling.call_back_sent, name="call_back_sent"),
    path("manage/<str:token>/", views.manage, name="manage"),
    path("manage/<str:token>/calendar.ics", views.calendar, name="calendar"),
    path("manage/<str:token>/coming/", views.coming, name="coming"),
    path("manage/<str:token>/move/", views.move, name="move"),
    path("manage/<str:token>/move/check/", views.move_check, name="move_check"),
    path("manage/<str:token>/cancel/", views.cancel, name="cancel"),
    path("feed/<str:token>.ics", views.feed, name="feed"),
    path("find/", views.find, name="find"),
    path("find/sent/", views.find_sent, name="find_sent"),
]
