"""The doors: the operator's command line now; pages and the machine interface later. Parts meet in wiring."""
