//! What ends a program from outside: Ctrl-C, Ctrl-\, a terminal that is closed, and whoever says so. SIGKILL ends it without
//! a word: then what it has begun stays behind.

use std::fs;
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end the program. They no longer end it by themselves, so that it can take away what it has begun.
#[derive(Debug)]
pub struct Ending {
    signals: Vec<Signal>,
}

impl Ending {
    /// From now on they are waited for. Those that the program was started to ignore (nohup(1)) stay ignored.
    pub fn listen() -> io::Result<Self> {
        let status = fs::read_to_string("/proc/self/status")?;
        let kinds =
            [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit(), SignalKind::terminate()];
        let heard = kinds.into_iter().filter(|kind| !is_ignored(&status, kind.as_raw_value()));
        Ok(Self { signals: heard.map(signal).collect::<io::Result<_>>()? })
    }

    /// Waits for one of them.
    pub async fn come(&mut self) {
        poll_fn(|context| {
            let has_come = self.signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if has_come { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// Whether a process with this status ignores the signal (proc(5)).
fn is_ignored(status: &str, number: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (number - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_known() {
        // SIGHUP and SIGPIPE.
        let status = "SigBlk:\t0000000000000002\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000004002\n";
        assert!(is_ignored(status, 1) && is_ignored(status, 13));
        assert!(!is_ignored(status, 2) && !is_ignored(status, 15));
    }
}
