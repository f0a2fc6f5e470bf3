// Kernels: the fp32 kernels of the instruction set that this processor has.
//
// `InstructionSet` lists the builds, knows which of them the processor can run, and hands out
// their functions as a `KernelSet`; `AlignedBuffer` is the memory that kernels work on. Depends on
// `KernelInterface` and on the three builds of the kernels.
//
// Rejected: one build for the machine it was compiled on (a program copied to another machine
// would stop at an illegal instruction), and asking the processor through `cpuid` (needs C or
// assembler; the kernel's list also says whether the system saves the wide registers).
