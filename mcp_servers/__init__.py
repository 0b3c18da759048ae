"""Tools over the Model Context Protocol: thin wrappers that offer the domain to agents and other hosts."""
