// scaling: fits, predictions and plans from a command line. All of it stands in ScalingCommand, which
// a chapter uses too.

import ScalingCommand

Scaling.main()
