"""The small figure that climbs: a body of our own, dressed as the person is."""
