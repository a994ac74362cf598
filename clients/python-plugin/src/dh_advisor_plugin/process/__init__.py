"""What runs a plugin in the process that the host starts for it: `python -m dh_advisor_plugin.process`."""
