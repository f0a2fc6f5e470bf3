// RunTables: anybody's table of training runs as columns of numbers.
//
// `RunTable` reads comma- and tab-separated values, JSON lines and this package's run store, finds
// the columns of N, D, C and the loss by the names that people give them, and says of every fault in
// which row and column it lies. Files are read through a window of bounded size, one record at a
// time: what is kept are the numbers that are asked for, so a file may be larger than the memory.
//
// From the bottom up: `ByteWindow` holds a piece of the file; `RecordReader` cuts it into records
// (`RecordReader+Delimited`, `RecordReader+JSON`); `NumberText` reads a number as people write sizes;
// `ColumnRole` knows the usual names; `RunTable` makes runs of the records.
//
// It depends on Laboratory for the run store and knows nothing of fits.
//
// Rejected: a general data frame (a run has a handful of numbers), guessing between two columns that
// both may be meant (a wrong guess is a wrong law), and decimal commas or commas between thousands:
// "2,345" is one number to some readers and another to others.
