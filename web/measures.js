const UNITS = ["bytes", "kB", "MB", "GB", "TB"];
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Bytes for people, in powers of 1,000 as file managers count. */
export function sizeText(bytes) {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power > 0 && value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${power === 0 && bytes === 1 ? "byte" : UNITS[power]}`;
}

export function timeText(date) {
  return TIME.format(date);
}

/** The time of the day, with its seconds. */
export function clockText(date) {
  return CLOCK.format(date);
}

/** Seconds for people, such as 1:05 min. */
export function durationText(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, "0")} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** One thing or several: counted(2, "file") is "2 files". */
export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
