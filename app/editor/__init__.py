"""The code editor: text with colours, problems, completion, and one processor's code tried on a sample."""
