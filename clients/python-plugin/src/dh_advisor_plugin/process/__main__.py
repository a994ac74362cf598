"""Started by the host, with its pipe as file descriptor 3."""

from dh_advisor_plugin.process.run import main

main()
