/** Where a photo was taken: the GPS fields of a JPEG's Exif block (CIPA DC-008, §4.6.6), read on the device. */

export interface Position {
  lon: number;
  lat: number;
}

const START_OF_IMAGE = 0xffd8;
const START_OF_SCAN = 0xffda;
const APP1 = 0xffe1;
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
const GPS_POINTER = 0x8825;
const LATITUDE_REF = 1;
const LATITUDE = 2;
const LONGITUDE_REF = 3;
const LONGITUDE = 4;
const MOST_SEGMENTS = 64;
const MOST_FIELDS = 200;

/** The position, or null when the photo has none or is built in a way this does not know. Never throws. */
export function readPosition(bytes: ArrayBuffer): Position | null {
  try {
    const tiff = findTiff(new DataView(bytes));
    return tiff ? positionIn(tiff) : null;
  } catch {
    return null; // an offset led out of the file
  }
}

/** The TIFF structure inside the first Exif segment of a JPEG. */
function findTiff(file: DataView): DataView | null {
  if (file.byteLength < 4 || file.getUint16(0) !== START_OF_IMAGE) return null;
  let at = 2;
  for (let count = 0; count < MOST_SEGMENTS && at + 4 <= file.byteLength; count += 1) {
    const marker = file.getUint16(at);
    const length = file.getUint16(at + 2);
    if (marker < 0xff00 || marker === START_OF_SCAN || length < 2) return null;
    const body = at + 4;
    if (marker === APP1 && EXIF.every((byte, place) => file.getUint8(body + place) === byte)) {
      const start = body + EXIF.length;
      return new DataView(file.buffer, file.byteOffset + start, Math.min(length - 2 - EXIF.length, file.byteLength - start));
    }
    at += 2 + length;
  }
  return null;
}

function positionIn(tiff: DataView): Position | null {
  const order = tiff.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const little = order === 0x4949;
  if (tiff.getUint16(2, little) !== 42) return null;
  const first = fields(tiff, tiff.getUint32(4, little), little);
  const pointer = first.get(GPS_POINTER);
  if (pointer === undefined) return null;
  const gps = fields(tiff, tiff.getUint32(pointer, little), little);
  const lat = degrees(tiff, gps, LATITUDE, LATITUDE_REF, "S", little);
  const lon = degrees(tiff, gps, LONGITUDE, LONGITUDE_REF, "W", little);
  if (lat === null || lon === null || Math.abs(lat) > 90 || Math.abs(lon) > 180) return null;
  return lat === 0 && lon === 0 ? null : { lon, lat }; // some cameras write zeros when they know nothing
}

/** Tag → where its value (or the offset of its value) stands. */
function fields(tiff: DataView, start: number, little: boolean): Map<number, number> {
  const found = new Map<number, number>();
  const count = Math.min(tiff.getUint16(start, little), MOST_FIELDS);
  for (let place = 0; place < count; place += 1) {
    const at = start + 2 + place * 12;
    found.set(tiff.getUint16(at, little), at + 8);
  }
  return found;
}

function degrees(
  tiff: DataView,
  gps: Map<number, number>,
  tag: number,
  refTag: number,
  negative: string,
  little: boolean,
): number | null {
  const value = gps.get(tag);
  const ref = gps.get(refTag);
  if (value === undefined || ref === undefined) return null;
  const at = tiff.getUint32(value, little);
  const [whole, minutes, seconds] = [0, 8, 16].map((step) => rational(tiff, at + step, little));
  if (whole === undefined || minutes === undefined || seconds === undefined) return null;
  const size = whole + minutes / 60 + seconds / 3600;
  if (!Number.isFinite(size)) return null;
  return String.fromCharCode(tiff.getUint8(ref)) === negative ? -size : size;
}

function rational(tiff: DataView, at: number, little: boolean): number {
  const below = tiff.getUint32(at + 4, little);
  const above = tiff.getUint32(at, little);
  return above === 0 ? 0 : above / below; // 0/0 is how some cameras say that they leave seconds out
}
