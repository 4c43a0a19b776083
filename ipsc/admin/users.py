"""Staff accounts. A manager looks after reception and other managers, and cannot rise above that (rule P2)."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from ipsc.admin.base import Careful
from ipsc.roles import MATRIX, is_within_roles

GROUPS_HELP = _("What the account may do. Without a group it can sign in and see nothing.")


class NewAccountForm(UserCreationForm):
    is_staff = forms.BooleanField(
        label=_("May sign in here"), required=False, initial=True, help_text=_("Every member of staff needs this.")
    )


class AccountForm(UserChangeForm):
    """Refuses to let somebody end their own access, which they could not give back to themselves."""

    editor: User | None = None

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if self.editor is not None and self.instance.pk == self.editor.pk and not self.editor.is_superuser:
            gone = [name for name in ("is_active", "is_staff") if name in cleaned and not cleaned[name]]
            if "groups" in cleaned and set(self.instance.groups.all()) - set(cleaned["groups"]):
                gone.append("groups")
            for name in gone:
                self.add_error(name, _("You cannot take your own access away. Ask another manager to do it."))
        return cleaned


admin.site.unregister(User)
# What groups may do stands in ipsc.roles; a page to change it would be undone by the next migration.
admin.site.unregister(Group)


@admin.register(User)
class StaffUserAdmin(Careful, UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = ()
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "groups", "is_staff", "password1", "password2"]}),
    ]
    # What only a superuser sees and gives.
    powers = [(_("Powers"), {"fields": ["is_superuser", "user_permissions"]})]
    own_fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "groups", "last_login"]}),
    ]
    readonly_fields = ["last_login"]

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        return self.own_fieldsets + (self.powers if request.user.is_superuser else [])

    def get_queryset(self, request):
        """Superusers are out of everybody else's sight."""
        users = super().get_queryset(request).prefetch_related("groups")
        return users if request.user.is_superuser else users.filter(is_superuser=False)

    def has_change_permission(self, request, obj=None) -> bool:
        """Whose password one can set, theirs is the power: so nobody who may do more than the roles of the house."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or request.user.is_superuser or is_within_roles(obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.editor = request.user  # type: ignore[attr-defined]  # the class was made for this request
        return form

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=MATRIX).order_by("name")
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["help_text"] = GROUPS_HELP
        return super().formfield_for_manytomany(db_field, request, **kwargs)
