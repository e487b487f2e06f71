// Fixtures start real server processes, which would only wait for each other in parallel. The two that build the whole
// repository are an exception: a build often waits for something other than a core.
[assembly: Parallelizable(ParallelScope.None)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
