"""Links by which an app for UPI pays, as the UPI linking specification of NPCI has them, and their QR codes: pure."""

import io
from urllib.parse import quote

import segno

LONGEST_NOTE = 50
LONGEST_NAME = 99


def upi_link(*, upi_id: str, name: str, amount: int, note: str) -> str:
    """A link that opens an app with payee, sum and note filled in; `amount` is whole INR, above 0.

    Values are percent-encoded as UTF-8, a space as %20, since the apps do not take + for one; the @ of the id stays,
    as it may in a query (RFC 3986, 3.4). `tr`, `tid` and `mc` are left out: they are for merchants with a category
    code, and apps warn of them anywhere else. So the reference goes into the note, `tn`.
    """
    if amount <= 0:
        raise ValueError("a UPI link asks for an amount above 0")
    values = {
        "pa": quote(upi_id, safe="@"),
        "pn": quote(name[:LONGEST_NAME], safe=""),
        "am": f"{amount}.00",
        "cu": "INR",
        "tn": quote(note[:LONGEST_NOTE], safe=""),
    }
    return "upi://pay?" + "&".join(f"{key}={value}" for key, value in values.items())


def code_of(link: str) -> bytes:
    """A link as a QR code (ISO/IEC 18004) in SVG, black on white with its quiet zone of four modules."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", omitsize=True, border=4, light="#fff")
    return out.getvalue()
