/** Draws a photo anew: upright, no larger than needed, and without anything the camera wrote beside the picture. */

export interface Size {
  width: number;
  height: number;
}

export const LONGEST_SIDE = 2048;
const QUALITY = 0.85;

/** The size within `longest` by `longest`, with the same proportions; nothing is made larger. */
export function fit({ width, height }: Size, longest = LONGEST_SIDE): Size {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A name that tells nothing: not the camera's counter, not what somebody called the file. */
export function plainName(number: number): string {
  return `foto-${number}.jpg`;
}

/** The picture alone as JPEG. Rejects when the device cannot read the file. */
export async function redraw(file: Blob, name: string): Promise<File> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const { width, height } = fit(picture);
    const sheet = document.createElement("canvas");
    sheet.width = width;
    sheet.height = height;
    const pen = sheet.getContext("2d");
    if (!pen) throw new Error("no canvas");
    pen.fillStyle = "#ffffff"; // what is transparent would turn black in a JPEG
    pen.fillRect(0, 0, width, height);
    pen.drawImage(picture, 0, 0, width, height);
    const drawn = await new Promise<Blob | null>((done) => sheet.toBlob(done, "image/jpeg", QUALITY));
    if (!drawn) throw new Error("no picture");
    return new File([drawn], name, { type: "image/jpeg" });
  } finally {
    picture.close();
  }
}
