"""Whether the e-mails of this site can be read in the admin."""

from django import template

from ipsc.admin import mailbox

register = template.Library()
register.simple_tag(mailbox.is_open, name="mailbox_is_open")
