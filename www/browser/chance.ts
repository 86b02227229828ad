/** The only entropy: bytes of the platform's own generator. */

export const bytes = (count = 8): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(count));

/** 64 random bits as two numbers, the low half first. */
export const bits = (): { low: number; high: number } => {
  const view = new DataView(bytes().buffer);
  return { low: view.getUint32(0, true), high: view.getUint32(4, true) };
};

/** A random name of 16 hexadecimal digits. */
export const digits = (): string => Array.from(bytes(), byte => (byte + 256).toString(16).slice(1)).join("");
