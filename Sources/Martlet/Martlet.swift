/// Everything of the package under one name.
@_exported public import MartletBacktesting
@_exported public import MartletFourier
@_exported public import MartletLinearAlgebra
@_exported public import MartletSignals
@_exported public import MartletText
