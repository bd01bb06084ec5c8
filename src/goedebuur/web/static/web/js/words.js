// Words that scripts write, and how numbers and moments read: Dutch civil time, as everywhere on the pages, wherever the
// reader is. CET or CEST is said where an hour is read off.
export const language = document.documentElement.lang.startsWith("en") ? "en" : "nl";

const ALL = {
  nl: {
    simulated: "gesimuleerd",
    key: "Legenda",
    toStation: "Bekijk dit meetstation",
    mapLabel: "Kaart met meetstations. De lijst bij de kaart geeft dezelfde meetstations.",
    mapFails: "De kaart kan in deze browser niet worden getekend. De lijst geeft dezelfde meetstations.",
    mapData: "De meetstations konden niet worden opgehaald. De lijst geeft dezelfde meetstations.",
    studyLabel: "Kaart met contouren. De tabellen erbij geven hetzelfde.",
    studyFails: "De kaart kan in deze browser niet worden getekend. De tabellen geven hetzelfde.",
    studyData: "De contouren konden niet worden opgehaald. De tabellen geven hetzelfde.",
    studyOurs: "Deze studie",
    studyBase: "Waar het mee begon",
    studyMeasured: "Gemeten",
    studyComputed: "Berekend",
    studyAsk: "Wat is het in het midden van de kaart?",
    studyAdded: "Zoveel komt er van deze bedrijven bij.",
    studyNothing: "Hier zegt deze studie niets.",
    facilities: "Bedrijven",
    toFacility: "Bekijk dit bedrijf",
    wind: "Wind uit",
    windCalm: "Windstil",
    windVariable: "Wind veranderlijk",
    windNewest: "Nieuwste windmeting",
    windOtherYear: "De oordelen gaan over YEAR",
    elsewhere: "Meetstations buiten dit deel van de kaart",
    noneInView: "Geen meetstation in dit deel van de kaart. Verschuif de kaart of zoom uit.",
    nearMe: "In mijn buurt",
    nearMePrivate: "Uw plaats blijft in uw browser; wij krijgen hem niet.",
    nearMeTiles: "Wel haalt uw browser dan de achtergrondkaart van die omgeving op bij PDOK.",
    nearMeAsks: "Uw browser zoekt uw plaats…",
    nearMeDone: "De kaart en de lijst beginnen nu bij u in de buurt.",
    nearMeFails: "Uw browser geeft uw plaats niet. Verschuif de kaart naar uw buurt.",
    directions: ["noord", "noordnoordoost", "noordoost", "oostnoordoost", "oost", "oostzuidoost", "zuidoost",
      "zuidzuidoost", "zuid", "zuidzuidwest", "zuidwest", "westzuidwest", "west", "westnoordwest", "noordwest",
      "noordnoordwest"],
    short: ["N", "NNO", "NO", "ONO", "O", "OZO", "ZO", "ZZO", "Z", "ZZW", "ZW", "WZW", "W", "WNW", "NW", "NNW"],
    earlier: "Eerder",
    later: "Later",
    zoomIn: "Inzoomen",
    zoomOut: "Uitzoomen",
    whole: "Hele periode",
    sending: "Het bestand wordt verstuurd.",
    looking: "Het bestand is er. Het wordt nagekeken; een groot bestand duurt een halve minuut.",
    sendingFails: "Het versturen is mislukt. Probeer het nog eens.",
    tooLarge: "Het bestand is groter dan MOST MB. Lever het met de opdracht, of in delen.",
    chart: "Grafiek",
    chartButtons: "Periode van de grafiek",
    start: "Vanaf",
    Mean: "Gemiddeld",
    Value: "Waarde",
    Lowest: "Laagste",
    Highest: "Hoogste",
    mean: "gemiddeld",
    lowest: "laagste",
    highest: "hoogste",
    noValue: "geen meting",
    gap: "geen meting",
    corrected: "later gecorrigeerd of ingetrokken",
    band: "laagste tot hoogste uurwaarde",
    from: "van",
    until: "tot",
    perPoint: "per punt",
    perRow: "per rij",
    hour: "uur",
    hours: "uur",
    day: "dag",
    days: "dagen",
    minutes: "minuten",
    offScale: "valt boven het beeld",
    loading: "Cijfers worden opgehaald…",
    fails: "De cijfers konden niet worden opgehaald. Probeer het opnieuw, of gebruik de download.",
    drag: "Sleep over de grafiek om in te zoomen.",
    empty: "Geen metingen in deze periode.",
    table: "Tabel",
    tableBelow: "De tabel hieronder heeft dezelfde cijfers.",
    copied: "Gekopieerd",
    calm: "windstil",
    tooFew: "te weinig uren",
    windRose: "Windroos: hoe vaak de wind uit elke richting kwam",
    concentrationRose: "Concentratieroos: gemiddelde per windrichting",
  },
  en: {
    simulated: "simulated",
    key: "Key",
    toStation: "See this station",
    mapLabel: "Map of the stations. The list beside the map has the same stations.",
    mapFails: "This browser cannot draw the map. The list has the same stations.",
    mapData: "The stations could not be fetched. The list has the same stations.",
    studyLabel: "Map with contours. The tables say the same.",
    studyFails: "The map cannot be drawn in this browser. The tables say the same.",
    studyData: "The contours could not be fetched. The tables say the same.",
    studyOurs: "This study",
    studyBase: "What it began with",
    studyAsk: "What is it in the middle of the map?",
    studyAdded: "So much these companies add.",
    studyNothing: "This study says nothing here.",
    studyMeasured: "Measured",
    studyComputed: "Reckoned",
    facilities: "Companies",
    toFacility: "See this company",
    wind: "Wind from",
    windCalm: "Calm",
    windVariable: "Wind variable",
    windNewest: "Newest wind measurement",
    windOtherYear: "The verdicts are on YEAR",
    elsewhere: "Stations outside this part of the map",
    noneInView: "No station in this part of the map. Move the map or zoom out.",
    nearMe: "Near me",
    nearMePrivate: "Your place stays in your browser; we do not get it.",
    nearMeTiles: "Your browser does fetch the background map of those parts from PDOK.",
    nearMeAsks: "Your browser is looking for your place…",
    nearMeDone: "The map and the list now start near you.",
    nearMeFails: "Your browser does not give your place. Move the map to your neighbourhood.",
    directions: ["north", "north-northeast", "northeast", "east-northeast", "east", "east-southeast", "southeast",
      "south-southeast", "south", "south-southwest", "southwest", "west-southwest", "west", "west-northwest",
      "northwest", "north-northwest"],
    short: ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"],
    earlier: "Earlier",
    later: "Later",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    whole: "Whole period",
    sending: "The file is being sent.",
    looking: "The file is there. It is being looked at; a large one takes half a minute.",
    sendingFails: "Sending failed. Try again.",
    tooLarge: "The file is larger than MOST MB. Deliver it with the command, or in parts.",
    chart: "Chart",
    chartButtons: "Period of the chart",
    start: "From",
    Mean: "Mean",
    Value: "Value",
    Lowest: "Lowest",
    Highest: "Highest",
    mean: "mean",
    lowest: "lowest",
    highest: "highest",
    noValue: "not measured",
    gap: "not measured",
    corrected: "corrected or withdrawn later",
    band: "lowest to highest hourly value",
    from: "from",
    until: "until",
    perPoint: "per point",
    perRow: "per row",
    hour: "hour",
    hours: "hours",
    day: "day",
    days: "days",
    minutes: "minutes",
    offScale: "is above the picture",
    loading: "Fetching the figures…",
    fails: "The figures could not be fetched. Try again, or use the download.",
    drag: "Drag over the chart to zoom in.",
    empty: "No measurements in this period.",
    table: "Table",
    tableBelow: "The table below has the same figures.",
    copied: "Copied",
    calm: "calm",
    tooFew: "too few hours",
    windRose: "Wind rose: how often the wind came from each direction",
    concentrationRose: "Concentration rose: mean by wind direction",
  },
};

export const words = ALL[language];

const locale = language === "nl" ? "nl-NL" : "en-GB";
const ZONE = "Europe/Amsterdam";

const numbers = new Map();
export function number(value, decimals = 1) {
  if (!numbers.has(decimals)) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    numbers.set(decimals, new Intl.NumberFormat(locale, digits));
  }
  return numbers.get(decimals).format(value).replace("-", "−");
}

const moments = new Map();
// Returns the moment (epoch seconds) in words; `parts` are options of Intl.DateTimeFormat.
export function moment(seconds, parts, timeZone = ZONE) {
  const key = JSON.stringify([parts, timeZone]);
  if (!moments.has(key)) {
    moments.set(key, new Intl.DateTimeFormat(locale, { ...parts, timeZone, hourCycle: "h23" }));
  }
  return moments.get(key).format(seconds * 1000);
}

export const DAY = { day: "numeric", month: "long", year: "numeric" };
export const CLOCK = { hour: "2-digit", minute: "2-digit" };
export const MINUTE = { ...DAY, ...CLOCK };
const WITH_ZONE = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", timeZoneName: "longOffset" });

// Returns how far Dutch civil time is ahead of UTC at a moment. [s]
export function ahead(seconds) {
  const name = WITH_ZONE.formatToParts(seconds * 1000).find((part) => part.type === "timeZoneName").value;
  return name.includes("2") ? 7200 : 3600;
}

// Returns CET or CEST, whichever held.
export const zone = (seconds) => (ahead(seconds) === 7200 ? "CEST" : "CET");

// Returns the day or days of a point that is cut at midnight CET, the clock of the verdicts; null for a shorter one.
export function daysOf(answer, at, parts) {
  if (answer.step % 86400 !== 0) return null;
  const last = (answer.x[at + 1] ?? answer.end) - 86400;
  const [from, to] = [answer.x[at], last].map((day) => moment(day, parts, "Etc/GMT-1"));
  return `${from === to ? from : `${from} – ${to}`} CET`;
}

export function duration(seconds) {
  if (seconds % 86400 === 0) return `${seconds / 86400} ${seconds === 86400 ? words.day : words.days}`;
  if (seconds % 3600 === 0) return `${seconds / 3600} ${seconds === 3600 ? words.hour : words.hours}`;
  return `${number(seconds / 60, 0)} ${words.minutes}`;
}

// Returns the colour that the style sheet gives to a token, in the light or dark scheme that holds now.
export function colour(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}
