using Xunit;

// Each story starts whole platforms; side by side they would only wait for each other's processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
