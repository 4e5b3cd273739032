// UnitGraphs tests
