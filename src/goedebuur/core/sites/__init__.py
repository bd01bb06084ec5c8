"""Who runs what, and where: operators, sites, installations, emission points, and the bodies that watch over them."""
