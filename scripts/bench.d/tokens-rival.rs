// SPDX-License-Identifier: MIT
// The crate bpe-openai on one text: ENCODING MODE FILE, as tokens-rival.py.

/// Seconds that this process has had a processor.
fn now() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let start = now();
    let tokenizer = match args[1].as_str() {
        "o200k_base" => bpe_openai::o200k_base(),
        "cl100k_base" => bpe_openai::cl100k_base(),
        _ => std::process::exit(2),
    };
    let load = now() - start;
    let data = std::fs::read(&args[3]).unwrap();
    let mut texts: Vec<&str> = Vec::new();
    if args[2] == "lines" {
        let mut rest = &data[..];
        while rest.len() >= 4 {
            let size = u32::from_ne_bytes(rest[..4].try_into().unwrap()) as usize;
            texts.push(std::str::from_utf8(&rest[4..4 + size]).unwrap());
            rest = &rest[4 + size..];
        }
    } else {
        texts.push(std::str::from_utf8(&data).unwrap());
    }
    let passes: usize = if args[2] == "start" { 1 } else { 2 };
    let mut seconds = [0f64; 2];
    let mut count = 0;
    for pass in seconds.iter_mut().take(passes) {
        let start = now();
        count = texts.iter().map(|t| tokenizer.count(t)).sum();
        *pass = now() - start;
    }
    println!(
        "{{\"load\":{:.6},\"fresh\":{:.6},\"warm\":{:.6},\"count\":{}}}",
        load, seconds[0], seconds[1], count
    );
}
