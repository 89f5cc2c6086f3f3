"""Storyboards to begin with: each is a document that works as it stands, with faces that anybody may use."""
