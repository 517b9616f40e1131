"""How fast the portal is: databases made for measuring, pages timed beside a raw query, one report built."""
