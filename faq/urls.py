"""Addresses under /faq/. The words that stand in the place of a slug are reserved by `faq.slugs`."""

from django.urls import path

from faq import views

app_name = "faq"
urlpatterns = [
    path("", views.topics, name="topics"),
    path("search/", views.search, name="search"),
    path("suggest/", views.suggest, name="suggest"),
    path("<slug:topic>/", views.topic, name="topic"),
    path("<slug:topic>/leaflet/", views.leaflet, name="leaflet"),
    path("<slug:topic>/<slug:question>/", views.question, name="question"),
    path("<slug:topic>/<slug:question>/helpful/", views.helpful, name="helpful"),
]
