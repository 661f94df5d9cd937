import os

from django.urls import include, path

urlpatterns = [path(os.environ["SITE_PREFIX"], include("spirit.urls"))]
