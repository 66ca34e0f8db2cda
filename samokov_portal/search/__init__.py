"""Finding pages by what people type: other endings, slips of the finger, Latin letters, another keyboard."""
