//! Whatever a person pastes or opens: parts cover the octets end to end, and each line that is not empty is in a part or was
//! left out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meterscope_capture::{Imported, Repairs, Source, import_with};

fuzz_target!(|input: &[u8]| {
    let Some((&flags, input)) = input.split_first() else { return };
    let repairs = Repairs { undo_crlf: flags & 1 != 0, masked_as_zero: flags & 2 != 0 };
    let Ok(imported) = import_with(input, repairs) else { return };
    assert!(!imported.octets.is_empty());
    let mut at = 0;
    for part in &imported.parts {
        assert_eq!(part.octets.start, at);
        assert!(part.octets.end >= at);
        at = part.octets.end;
    }
    assert_eq!(at, imported.octets.len());
    assert!(imported.stamps.is_sorted_by_key(|stamp| stamp.offset));
    assert!(imported.events.is_sorted_by_key(|event| event.offset));
    assert!(imported.events.last().is_none_or(|event| event.offset <= imported.octets.len()));
    for stamp in &imported.stamps {
        let _ = stamp.time.map(|time| time.to_string());
    }
    for left_out in &imported.left_out {
        let _ = left_out.why.to_string();
    }
    check_lines(&imported, input);
});

fn check_lines(imported: &Imported, input: &[u8]) {
    let left_out = imported.left_out.iter().map(|left_out| left_out.source);
    let sources: Vec<Source> = imported.parts.iter().map(|part| part.source).chain(left_out).collect();
    if input.starts_with(&[0xFF, 0xFE]) || !sources.iter().all(|source| matches!(source, Source::Lines(..))) {
        return;
    }
    let mut covered = vec![false; input.split(|&octet| octet == b'\n').count()];
    for source in sources {
        if let Source::Lines(first, last) = source {
            covered[first - 1..last].fill(true);
        }
    }
    let input = input.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(input);
    for (line, covered) in input.split(|&octet| octet == b'\n').zip(covered) {
        assert!(covered || line.trim_ascii().is_empty());
    }
}
