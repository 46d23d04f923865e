"""The commands of `stadt`, one module each: `NAME`, `HELP`, `configure(parser)`, `run(arguments) -> exit code`."""
