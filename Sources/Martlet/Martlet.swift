/// Everything of the package under one name.
@_exported public import MartletArrays
@_exported public import MartletCharts
@_exported public import MartletIO
@_exported public import MartletIndicators
@_exported public import MartletInference
