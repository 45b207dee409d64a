/// What stands behind a name that other libraries have and this one calls otherwise, so that the compiler can say how.
///
/// It takes any arguments, members and indices: the only thing left to complain about is the name.
@_documentation(visibility: internal)
@dynamicCallable @dynamicMemberLookup
public struct UnavailableName<Result>: Sendable {
  package init() {}

  /// Any call, for whatever the name would have given.
  @_documentation(visibility: internal)
  public func dynamicallyCall(withKeywordArguments arguments: KeyValuePairs<String, Any>) -> Result
  {
    fatalError("unavailable")
  }

  /// Any member.
  @_documentation(visibility: internal)
  public subscript(dynamicMember name: String) -> UnavailableName<Result> { fatalError() }

  /// Any index.
  @_documentation(visibility: internal)
  public subscript(indices: Any...) -> Result { fatalError("unavailable") }
}
