/**
 * Worlds among the first 10,000 that do not hold yet, by kind. A run of many fails for any other; `--seed` tells the story of one.
 * A world that holds again is taken out here.
 */
export const openFailures: ReadonlySet<number> = new Set([
  // Not at rest after the faults. Those that were looked at (511, 646, 693) are worlds in which shops left or were removed: an
  // owner asks an identity that is gone, or a process that ran twice is not started again.
  511,
  646, 685, 693, 721, 997, 1138, 1289, 1338, 1400, 1595, 1819, 1864, 2533, 2749, 2766, 2897, 2902, 3164, 3425, 3472,
  3504, 3539, 3550, 3810, 3844, 3938, 4035, 4367, 4457, 4520, 4617, 4859, 4870, 4996, 5121, 5149, 5158, 5248, 5388,
  5397, 5588, 5692, 5761, 5833, 5932, 6031, 6240, 6567, 6821, 6830, 6890, 7001, 7083, 7257, 7730, 7794, 8010, 8296,
  8473, 8507, 8663, 8708, 8745, 8852, 8891, 8987, 9294, 9523, 9535,
  // A shop left, and who had heard of all that it did left as well (469); the others were not looked at.
  469, 581, 912, 922, 1155, 1472, 1802, 2009, 2101, 2204, 2316, 2606, 2711, 2895, 3286, 4127, 4299, 4328, 4731, 4925,
  5276, 5453, 5978, 6385, 6820, 6894, 6997, 7808, 8016, 8372, 8538, 8594, 9240, 9873,
  // The undo of a member, pressed again, moved a number. Whether undo or world is wrong is not known.
  494, 961, 1428, 1631, 1809, 2425, 2750, 3479, 3623, 4914, 5469, 5775, 6801, 7133, 7752, 8698, 8704,
  // Received goods that nobody is known to have received; shops left there. Cause not known.
  1035, 1508, 5354, 8115,
  // A node was put back or lied, and an alarm is not expected of it. Cause not known.
  3834, 4311, 9976,
  // Two accounts of one movement; the number of a shop that joined in the place of the network's. Causes not known.
  9658, 9752,
])
