"""The front door: home, contact, the clinicians and the treatments, all read-only and public."""
