"""For those who test films and engines: painted people, contracts, golden pictures, stand-ins."""
