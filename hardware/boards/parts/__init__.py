"""What the boards are made of: symbols and footprints that KiCad lacks, and every part with its maker's number and a second source."""
