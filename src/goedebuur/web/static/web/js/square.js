// What a study says at a place in its square: straight along both sides between the places of the grid. It is worked out
// in the browser, so that nobody learns where a reader asks.
const TURNS = 6;

const mixed = (low, high, part) => low + (high - low) * part;

// The parabolas that are 1 at the begin, the middle or the end of a side and 0 at the others, and their slopes.
const parabolas = (part) => [2 * (part - 0.5) * (part - 1), 4 * part * (1 - part), 2 * part * (part - 0.5)];
const slopes = (part) => [4 * part - 3, 4 - 8 * part, 4 * part - 1];

// Returns longitude (0) or latitude (1) so far along both sides of the square, and how it changes with each. Of three by
// three places it is known: over fifty kilometres parallels bend by sixty metres; this is right to a tenth of one.
function degrees({ places }, of, east, north) {
  const told = (weights, up) => up.reduce((sum, one, row) => sum + one * weights.reduce((part, two, column) => part + two * places[row][column][of], 0), 0);
  return [told(parabolas(east), parabolas(north)), told(slopes(east), parabolas(north)), told(parabolas(east), slopes(north))];
}

// Returns how far a place is along both sides, from the south-west corner; outside less than 0 or more than 1.
function along(square, { lng, lat }) {
  let [east, north] = [0.5, 0.5];
  for (let turn = 0; turn < TURNS; turn++) {
    const [x, xEast, xNorth] = degrees(square, 0, east, north);
    const [y, yEast, yNorth] = degrees(square, 1, east, north);
    const scale = xEast * yNorth - xNorth * yEast;
    east += ((lng - x) * yNorth - (lat - y) * xNorth) / scale;
    north += ((lat - y) * xEast - (lng - x) * yEast) / scale;
  }
  return [east, north];
}

// Returns the value at a place; null where the study says nothing.
export function valueAt(square, place) {
  const { values, columns } = square;
  const rows = values.length / columns;
  const parts = along(square, place);
  if (!parts.every((one) => one >= 0 && one <= 1)) return null;
  const [x, y] = [parts[0] * (columns - 1), parts[1] * (rows - 1)];
  const [column, row] = [Math.min(Math.floor(x), columns - 2), Math.min(Math.floor(y), rows - 2)];
  const first = row * columns + column;
  const around = [first, first + 1, first + columns, first + columns + 1].map((one) => values[one]);
  if (around.includes(null)) return null;
  return mixed(mixed(around[0], around[1], x - column), mixed(around[2], around[3], x - column), y - row);
}
