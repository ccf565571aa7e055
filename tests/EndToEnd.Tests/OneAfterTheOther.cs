using Xunit.Sdk;
using Xunit.v3;

// Each story starts whole platforms; side by side they would only wait for each other's processors.
[assembly: Parallelization(Mode = ParallelMode.None)]
