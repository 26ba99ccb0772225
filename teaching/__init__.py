"""For whoever teaches: slides, run sheets and the picture of the README, all made from the notebooks."""
