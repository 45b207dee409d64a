import MartletArrays

/// What columns are called where bars come from.
enum ColumnNames {
  /// What a column may be for.
  enum Meaning: Int, Hashable, Sendable, CaseIterable {
    case open, high, low, close, volume
    case adjustedClose, split, symbol, time, clock

    var isPrice: Bool { rawValue < 4 }
  }

  /// What a name stands for, and how surely: less is surer.
  struct Match: Hashable {
    let meaning: Meaning
    let rank: Int
  }

  /// Lower case without spaces, points, brackets and the like.
  static func plain(_ name: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in name.unicodeScalars where !ignored.contains(scalar) {
      if scalar.value < 0x80 {
        result.append(65...90 ~= scalar.value ? UnicodeScalar(UInt8(scalar.value) + 32) : scalar)
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  private static let ignored = Set("<>*._()[]{}'\"# -/:&\t\u{FEFF}\u{A0}\u{307}".unicodeScalars)

  /// What a name stands for by itself; nil for none of these.
  static func match(_ name: String) -> Match? { match(plain: plain(name)) }

  static func match(plain: String) -> Match? {
    if let found = table[plain] { return found }
    // A synonym with the unit that it counts in.
    for (prefix, meaning, units) in united where plain.hasPrefix(prefix) {
      let unit = plain.dropFirst(prefix.count)
      if units?.contains(String(unit)) ?? (unit.count <= 8 && !notUnits.contains(String(unit))) {
        return Match(meaning: meaning, rank: 1000)
      }
    }
    return nil
  }

  private static let currencies: Set<String> = [
    "usd", "eur", "gbp", "jpy", "inr", "cny", "cad", "aud", "chf", "usdt", "usdc", "btc", "eth",
    "krw", "brl", "rub", "try", "sek", "nok", "$", "€", "£", "¥", "₹", "price", "px", "points",
    "index", "rs", "cents", "gbx",
  ]

  private static let united: [(String, Meaning, Set<String>?)] = [
    ("open", .open, currencies), ("high", .high, currencies), ("low", .low, currencies),
    ("close", .close, currencies), ("price", .close, currencies), ("last", .close, currencies),
    ("volume", .volume, nil), ("vol", .volume, nil),
  ]

  /// What stands behind "volume" and is no unit.
  private static let notUnits: Set<String> = [
    "ma", "sma", "ema", "avg", "average", "change", "chg", "rank", "ratio", "weighted", "profile",
    "delta", "atility", "a", "osc", "buy", "sell", "bid", "ask", "umechange", "umema",
  ]

  private static let table: [String: Match] = {
    var table: [String: Match] = [:]
    for (meaning, names) in synonyms {
      for (rank, name) in names.split(separator: " ").enumerated() {
        table[String(name)] = Match(meaning: meaning, rank: rank)
      }
    }
    return table
  }()

  /// The surest first.
  ///
  /// Several languages: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish, Russian,
  /// Chinese, Japanese, Korean.
  private static let synonyms: [(Meaning, String)] = [
    (
      .open,
      """
      open openprice opnpric openprc opening openingprice openpx opn op o priceopen first firstprice eröffn eröffnung \
      eröffnungskurs erster ouverture ouv apertura abertura preabe otwarcie açılış öffnung 開 открытие цена_откр откр \
      开盘 开盘价 始値 시가 openbid bidopen midopen askopen openmid
      """
    ),
    (
      .high,
      """
      high highprice hghpric askhi hi highest highpx pricehigh max maxprice dayhigh h hoch höchst höchstkurs höchster \
      tageshoch haut plushaut máximo máxima maximo maxima massimo premax najwyzszy najwyższy yüksek макс максимум \
      最高 最高价 高値 고가 hoog highbid bidhigh midhigh askhigh highmid
      """
    ),
    (
      .low,
      """
      low lowprice lwpric bidlo lo lowest lowpx pricelow min minprice daylow l tief tiefst tiefstkurs tiefster tagestief \
      bas plusbas mínimo mínima minimo minima premin najnizszy najniższy düşük мин минимум 最低 最低价 安値 저가 \
      laag lowbid bidlow midlow asklow lowmid
      """
    ),
    (
      .close,
      """
      close closeprice clspric prc closing closingprice closepx priceclose closelast settle settlement settlementprice \
      settleprice last lastprice price px c schluss schlusskurs schlußkurs letzter zuletzt clôture cloture dernier cierre último \
      ultimo último chiusura fechamento preult zamkniecie zamknięcie şimdi kapanış закрытие цена закр 收盘 收盘价 終値 종가 slot \
      slotkoers closebid bidclose midclose askclose closemid ltp nav value rate
      """
    ),
    (
      .volume,
      """
      volume vol ttltradgvol tradedvolume volumetraded totalvolume sharevolume shares totaltradedquantity ttltrdqnty tottrdqty \
      tradedquantity tottrdqnty qty quantity sharestraded noofshares volumeshares stuecke stücke v volumen umsatz \
      aantal volumes quantité quatot qtdnegocios volumecontracts contracts tradevolume dayvolume totalqty turnoverqty \
      wolumen obrot hac hacim объем объём объ 成交量 出来高 거래량 tickvol tickvolume ticks basevolume volumebase volumefrom
      """
    ),
    (
      .adjustedClose,
      """
      adjclose adjustedclose adjclosing adjustedclosingprice closeadj closeadjusted adjustedcloseprice adjcloseprice \
      adjclose* adjusted_close adj bereinigterschluss
      """
    ),
    (
      .split,
      """
      stocksplits splitcoefficient splitfactor splitratio split splits stocksplit stocksplitratio \
      adjustmentfactor splitadjustmentfactor
      """
    ),
    (
      .symbol,
      """
      symbol ticker tckrsymb tickersymbol symbols tickers tscode securitiescode securitycode sid tic instrument \
      instrumentname asset assetname pair currencypair contract stockcode stocksymbol stock tradingsymbol nemotecnico codneg \
      isin figi permno cusip sedol ric code scrip scripcode scripname companycode company security securityid \
      secid secucode name coin crypto market index act_symbol actsymbol item_id itemid assetid unique_id uniqueid \
      localsymbol root issue kürzel wkn papel ativo hisse код тикер 股票代码 代码 证券代码 コード 종목코드 instrumentid
      """
    ),
    (
      .time,
      """
      datetime timestamp date traddt unix unixtimestamp unixtime epoch time tradedate tradingdate date1 dt day bardate \
      opentime klineopentime starttime start begin open_time windowstart tsevent timestampms timestamputc datetimeutc utc \
      utctime gmttime localtime time(utc) dtyyyymmdd yyyymmdd quotedate pricedate asofdate observationdate rptdt \
      tradingday session sessiondate barstart timeopen candletime asof tstamp ts tstime t datum fecha data dataora dataizmereniya \
      tarih дата datapregao 日期 日付 日付け 交易日期 时间 日時 날짜 일자 일시 timeperiodstart periodstart eventtime \
      barstarttime timestart week month year historicaldate effectivedate
      """
    ),
    (
      .clock,
      "hour hr hours minute minutes hhmm hhmmss tradetime timeofday uhrzeit heure hora ora godzina saat время"
    ),
  ]
}
