"""The audit trail watches these tables, as console/organizations/watched.py says."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON segments_segment
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "segments.Segment", "name": "name", "left_out": ["member_count", "refreshed_at", "refreshed_version_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON segments_segmentversion
FOR EACH ROW
EXECUTE FUNCTION audit('{"model": "segments.SegmentVersion", "whole": ["segments.Segment", "segment_id"], "through": ["segments_segment", "segment_id"]}');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON segments_run
FOR EACH ROW WHEN (coalesce(current_setting('tranche.actor', true), '') NOT LIKE '%"task":%')
EXECUTE FUNCTION audit('{"model": "segments.Run", "whole": ["segments.Segment", "segment_id"]}');
"""
UNWATCHED = """
DROP TRIGGER audit ON segments_segment;
DROP TRIGGER audit ON segments_segmentversion;
DROP TRIGGER audit ON segments_run
"""


class Migration(migrations.Migration):
    dependencies = [("segments", "0001_initial"), ("organizations", "0009_audit")]

    operations = [migrations.RunSQL(WATCHED, UNWATCHED)]
