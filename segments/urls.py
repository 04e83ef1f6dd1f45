from django.urls import path

from segments import views
from segments.assigned import views as assigned
from segments.builder import views as builder
from segments.described import views as described
from segments.explaining import views as explaining
from segments.history import views as history
from segments.many import views as many
from segments.runs import views as runs
from segments.starting import overlaps
from segments.starting import views as starting

app_name = "segments"
urlpatterns = [
    path("", views.segment_list, name="segment_list"),
    path("new/", builder.segment_create, name="segment_create"),
    path("new/ready-made/", starting.ready_made_list, name="ready_made_list"),
    path("new/assigned/", assigned.assigned_create, name="assigned_create"),
    path("drafts/<uuid:pk>/", builder.draft_edit, name="draft_edit"),
    path("preview/", builder.preview, name="preview"),
    path("funnel/", builder.funnel, name="funnel"),
    path("spread/", builder.spread, name="spread"),
    path("fair-lending/", builder.fair_lending, name="fair_lending"),
    path("refreshes/", runs.run_list, name="run_list"),
    path("refreshes/<uuid:pk>/", runs.run_detail, name="run_detail"),
    path("refreshes/<uuid:pk>/again/", runs.run_again, name="run_again"),
    path("<uuid:pk>/schedule/", runs.segment_schedule, name="segment_schedule"),
    path("overlap/", overlaps.segment_overlap, name="segment_overlap"),
    path("many/", many.segment_many, name="segment_many"),
    path("import/", views.segment_import, name="segment_import"),
    path("of/<uuid:pk>/", views.customer_segments, name="customer_segments"),
    path("of/<uuid:pk>/why/", explaining.customer_why, name="customer_why"),
    path("of/<uuid:pk>/history/", history.customer_history, name="customer_history"),
    path("of-account/<uuid:pk>/history/", history.account_history, name="account_history"),
    path("of-account/<uuid:pk>/why/", explaining.account_why, name="account_why"),
    path("of-account/<uuid:pk>/", views.account_segments, name="account_segments"),
    path("<uuid:pk>/", views.segment_detail, name="segment_detail"),
    path("<uuid:pk>/why/<uuid:who>/", explaining.why, name="why"),
    path("<uuid:pk>/why/<uuid:who>/ahead/", explaining.why_ahead, name="why_ahead"),
    path("<uuid:pk>/on/", history.members_at, name="members_at"),
    path("<uuid:pk>/versions/", history.version_list, name="version_list"),
    path("<uuid:pk>/versions/compare/", history.version_compare, name="version_compare"),
    path("<uuid:pk>/versions/restore/", history.version_restore, name="version_restore"),
    path("<uuid:pk>/events/", views.segment_events, name="segment_events"),
    path("<uuid:pk>/places/", assigned.segment_places, name="segment_places"),
    path("<uuid:pk>/assigned/", assigned.assigned_edit, name="assigned_edit"),
    path("<uuid:pk>/out-of-use/", assigned.assigned_retire, name="assigned_retire"),
    path("<uuid:pk>/edit/", builder.segment_edit, name="segment_edit"),
    path("<uuid:pk>/about/", described.segment_describe, name="segment_describe"),
    path("<uuid:pk>/favourite/", described.segment_favourite, name="segment_favourite"),
    path("<uuid:pk>/refresh/", views.segment_refresh, name="segment_refresh"),
    path("<uuid:pk>/export/", views.segment_export, name="segment_export"),
    path("<uuid:pk>/duplicate/", views.segment_duplicate, name="segment_duplicate"),
    path("<uuid:pk>/archive/", views.segment_archive, name="segment_archive"),
    path("<uuid:pk>/restore/", views.segment_restore, name="segment_restore"),
]
