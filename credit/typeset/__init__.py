"""Setting a report (Art. 10): its words in order, what can be printed, the page. Nothing is read but fonts."""
