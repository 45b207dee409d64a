// Whoever imports this module has what its interface is made of.
@_exported public import MartletCharts
@_exported public import MartletFeatures
