"""What ``manage.py run`` does, step by step.

``environment``  read before the settings are: mode, secret, host and port
``steps``        database, first content, first account, static files
``sender``       the worker that sends messages
``web``          gunicorn
"""
