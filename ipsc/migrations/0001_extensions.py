from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Extensions that PostgreSQL counts as trusted: the database's owner may create them."""

    initial = True
    operations = [BtreeGistExtension(), TrigramExtension(), UnaccentExtension()]
