"""The groups of staff and what each may do (rule P2). The matrix is tested role by role."""

RECEPTION = "Reception"
MANAGER = "Manager"
EDITOR = "Content editor"
PUBLISHER = "Publisher"
COURSE_OFFICE = "Course office"

VIEW = ("view",)
EDIT = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")

# What editors write; a publisher, who is mostly a doctor, also decides what the public reads (rule F1).
WRITING: dict[str, tuple[str, ...]] = {
    "faq.topic": EDIT,
    "faq.question": EDIT,
    "faq.layword": EDIT,
    "faq.vote": VIEW,
    "faq.fruitlesssearch": VIEW,
}
PUBLISHING = WRITING | {"faq.question": (*EDIT, "publish")}

# The catalogue, the enrolments, and the money, which is only ever added to.
COURSES: dict[str, tuple[str, ...]] = {
    "courses.faculty": EDIT,
    "courses.course": EDIT,
    "courses.courserun": EDIT,
    "courses.enrolment": EDIT,
    "courses.payment": ("view", "change"),
    "courses.refund": VIEW,
}

# app_label.model: what the group may do. Nobody may delete what has a history of its own (rule B5).
MATRIX: dict[str, dict[str, tuple[str, ...]]] = {
    RECEPTION: {
        "appointments.appointment": EDIT,
        "appointments.patient": EDIT,
        "appointments.callback": ("view", "change"),
        "appointments.service": VIEW,
        "appointments.clinician": ("view", "change"),
        "appointments.workinghours": ALL,
        "appointments.timeoff": ALL,
        "ipsc.message": VIEW,
    },
    MANAGER: {
        "appointments.appointment": EDIT,
        "appointments.patient": EDIT,
        "appointments.callback": ("view", "change"),
        "appointments.service": EDIT,
        "appointments.clinician": EDIT,
        "appointments.workinghours": ALL,
        "appointments.timeoff": ALL,
        "ipsc.message": VIEW,
        "ipsc.clinicsettings": ("view", "change"),
        "ipsc.redflagwords": ("view", "change"),
        "auth.user": EDIT,
        **PUBLISHING,
        **COURSES,
    },
    COURSE_OFFICE: {**COURSES, "ipsc.message": VIEW},
    EDITOR: WRITING,
    PUBLISHER: PUBLISHING,
}


def is_within_roles(user) -> bool:
    """Whether an account may do nothing beyond the roles above: no superuser, no right or group of its own."""
    if user.is_superuser or user.user_permissions.exists():
        return False
    return not user.groups.exclude(name__in=MATRIX).exists()


def sync_roles(**kwargs) -> None:
    """Make the groups hold exactly what MATRIX says. Runs after every migration."""
    from django.contrib.auth.models import Group, Permission

    permissions = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, rights in MATRIX.items():
        group, _ = Group.objects.get_or_create(name=role)
        wanted = [
            permissions.get((label.split(".")[0], f"{right}_{label.split('.')[1]}"))
            for label, granted in rights.items()
            for right in granted
        ]
        # Permissions of an app that is migrated later come with its own signal.
        group.permissions.set([permission for permission in wanted if permission])
