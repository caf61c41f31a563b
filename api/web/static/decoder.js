/* Finds QR codes and bar codes in a picture: by the browser's own BarcodeDetector where it has one, else by
   zxing, a WebAssembly program of our own origin that is fetched when the first picture is there. */
const FORMATS = ["qr_code", "data_matrix", "code_128", "ean_13"];
const ZXING_FORMATS = ["QRCode", "DataMatrix", "Code128", "EAN13"];

export function decoderOf({program, wasm}) {
  let made = null;
  return () => (made ??= begun(program, wasm).catch((error) => { made = null; throw error; }));
}

async function begun(program, wasm) {
  if ("BarcodeDetector" in window) {
    const known = await window.BarcodeDetector.getSupportedFormats();
    const formats = FORMATS.filter((each) => known.includes(each));
    if (formats.includes("qr_code")) {
      const detector = new window.BarcodeDetector({formats});
      return async (image) => (await detector.detect(image)).map((each) => each.rawValue);
    }
  }
  await loaded(program);
  await window.ZXingWASM.prepareZXingModule({overrides: {locateFile: () => wasm}, fireImmediately: true});
  return async (image) => {
    const options = {formats: ZXING_FORMATS, maxNumberOfSymbols: 8};
    const found = await window.ZXingWASM.readBarcodes(image, options);
    return found.filter((each) => each.isValid).map((each) => each.text);
  };
}

function loaded(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => { script.remove(); failed(new Error("not loaded")); };
    document.head.append(script);
  });
}

/* A picture as pixels, no side of it above `most`: larger ones take long and show no more of a code. */
export function pixels(source, width, height, most) {
  const scale = Math.min(1, most / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
