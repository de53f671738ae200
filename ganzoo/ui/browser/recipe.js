// A picture's recipe: the query of the view that it was saved from, in a text chunk of the PNG (W3C, PNG, 11.3.3.2).
{
  const KEYWORD = "ganzoo";
  const SIGNATURE = 8, LENGTH = 4, TYPE = 4, CRC = 4; // bytes
  const latin = (bytes) => String.fromCharCode(...bytes);

  // Where each chunk begins, its type and its data.
  const chunks = function* (png) {
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
    for (let at = SIGNATURE; at + LENGTH + TYPE + CRC <= png.length;) {
      const start = at + LENGTH + TYPE, end = start + view.getUint32(at);
      if (end + CRC > png.length) return; // cut off, or no PNG
      yield { type: latin(png.subarray(at + LENGTH, start)), data: png.subarray(start, end), end: end + CRC };
      at = end + CRC;
    }
  };

  const crc32 = (bytes) => {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return ~crc >>> 0;
  };

  const written = (png, recipe) => {
    const body = new TextEncoder().encode(`tEXt${KEYWORD}\0${recipe}`);
    const chunk = new Uint8Array(LENGTH + body.length + CRC), view = new DataView(chunk.buffer);
    view.setUint32(0, body.length - TYPE);
    chunk.set(body, LENGTH);
    view.setUint32(LENGTH + body.length, crc32(body));
    const { end } = chunks(png).next().value; // the header comes first
    return new Blob([png.subarray(0, end), chunk, png.subarray(end)], { type: "image/png" });
  };

  const read = (png) => {
    for (const { type, data } of chunks(png)) {
      const nul = data.indexOf(0);
      if (type === "tEXt" && latin(data.subarray(0, Math.min(nul, 79))) === KEYWORD) return latin(data.subarray(nul + 1, nul + 4096));
    }
    return null;
  };

  ganzoo.recipe = { written, read };
}
