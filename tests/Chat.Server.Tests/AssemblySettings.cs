// Fixtures start real server processes: side by side they would only wait for each other.
[assembly: Parallelizable(ParallelScope.None)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
