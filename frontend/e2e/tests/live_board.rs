//! A board of Meterscope's own: it is recognised, marks what it forwards, and is left as it was found.

use meterscope_capture::line_settings::LineSettings;
use meterscope_e2e::pseudo_terminal::PseudoTerminal;
use meterscope_e2e::virtual_forwarder::VirtualForwarder;
use meterscope_e2e::{Bench, Connection, Meter, Outcome, Page, captures, live_scenario};

const AS_IT_STARTS: &str = "meterscope forwarder 1; line auto 2400 8?1; mode plain";

#[tokio::test]
async fn it_is_recognised_and_tells_faults_with_their_octets() -> Outcome {
    forwarder(async |bench, page, board| {
        connect(page, "han-8e1").await?;
        assert_eq!(page.text("#live-board").await?, "Meterscope forwarder 1, marked");
        assert_eq!(page.text("#live-settings").await?, "2400 8E1");
        assert_eq!(bench.board().line()?.map(|line| line.settings), Some(usb()));
        let frame = Meter::Kaifa.octets(0);
        board.say(&frame, LineSettings::MBUS, &[]);
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        board.say(&frame, LineSettings::MBUS, &[45]);
        page.wait_for_events("parity", 1).await?;
        let place = frame.len() + 45;
        page.wait_until(&format!(
            "document.querySelector('#event-list .event-row[data-event=parity]').dataset.octets === '{place}'"
        ))
        .await?;
        // Nothing but what was on the bus: no answer, no mark, and the wrong octet too.
        let said = [&frame[..], &frame].concat();
        page.wait_for_saved_octets(said.len()).await?;
        assert_eq!(page.export_octets(bench).await?, said);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_is_lost_while_it_is_asked() -> Outcome {
    forwarder(async |bench, page, board| {
        let said: Vec<u8> = (0..8).flat_map(|_| Meter::Kaifa.octets(0)).collect();
        page.connect("han-8e1").await?;
        bench.board().wait_for_line(usb()).await?;
        board.say(&said, LineSettings::MBUS, &[]);
        page.wait_for_connection(Connection::Open).await?;
        board.wait_until_said().await?;
        page.wait_for_saved_octets(said.len()).await?;
        assert_eq!(page.export_octets(bench).await?, said);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_board_finds_the_settings() -> Outcome {
    forwarder(async |bench, page, board| {
        let settings = LineSettings { baud: 9600, ..LineSettings::MBUS };
        page.connect("find").await?;
        page.wait_for_connection(Connection::Searching).await?;
        for _ in 0..4 {
            board.say(&Meter::Kaifa.octets(0), settings, &[]);
        }
        page.wait_for_connection(Connection::Open).await?;
        assert_eq!(page.text("#live-settings").await?, "9600 8E1");
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        let log = bench.board().log()?;
        assert_eq!(log.lines().filter(|line| *line == "opened").count(), 1, "{log}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_is_left_as_it_was_found() -> Outcome {
    forwarder(async |_, page, board| {
        board.wait_for_identity(AS_IT_STARTS).await?;
        connect(page, "han-8n1").await?;
        // In the answer is the mark that it is one.
        board.wait_for_identity("\u{FFFD}\u{6}meterscope forwarder 1; line 2400 8N1; mode marked").await?;
        page.click("#disconnect-button").await?;
        page.wait_for_connection(Connection::Closed).await?;
        board.wait_for_identity(AS_IT_STARTS).await?;
        assert!(!page.is_visible("#live-board").await?);
        Ok(())
    })
    .await
}

/// The page may die without a word, and the board goes on marking.
#[tokio::test]
async fn a_board_that_still_marks_is_taken_up() -> Outcome {
    forwarder(async |bench, page, board| {
        bench.board().with_terminal(PseudoTerminal::take_sent)?;
        connect(page, "han-8e1").await?;
        page.reload().await?;
        page.click("#reconnect-button").await?;
        page.wait_for_connection(Connection::Open).await?;
        let frame = Meter::Kaifa.octets(0);
        board.say(&frame, LineSettings::MBUS, &[]);
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        page.wait_for_saved_octets(frame.len()).await?;
        assert_eq!(page.export_octets(bench).await?, frame);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_plug_that_is_put_back_is_asked_again() -> Outcome {
    forwarder(async |bench, page, board| {
        connect(page, "han-8e1").await?;
        bench.board().unplug()?;
        page.wait_for_connection(Connection::Unplugged).await?;
        bench.board().plug()?;
        page.wait_for_connection(Connection::Open).await?;
        assert_eq!(page.text("#live-board").await?, "Meterscope forwarder 1, marked");
        board.say(&Meter::Kaifa.octets(0), LineSettings::MBUS, &[]);
        page.wait_for_value(&captures::POWER_W.to_string()).await
    })
    .await
}

#[tokio::test]
async fn settings_that_it_does_not_have_are_said() -> Outcome {
    forwarder(async |_, page, board| {
        page.connect("p1").await?;
        page.wait_for_connection(Connection::Failed).await?;
        let said = page.text("#live-text").await?;
        assert!(said.contains("115200 8N1"), "{said}");
        board.wait_for_identity(AS_IT_STARTS).await
    })
    .await
}

/// A board with another firmware is asked, does not answer, and is opened as its line is.
#[tokio::test]
async fn another_board_is_read_as_it_is() -> Outcome {
    live_scenario(async |bench, page| {
        page.connect("han-8e1").await?;
        bench.board().wait_for_line(LineSettings::MBUS).await?;
        page.wait_for_connection(Connection::Open).await?;
        assert!(!page.is_visible("#live-board").await?);
        let sent = bench.board().with_terminal(PseudoTerminal::take_sent)?;
        assert!(!sent.is_empty() && sent.chunks(3).all(|question| question == b"\n?\n"), "{sent:?}");
        let frame = Meter::Kaifa.octets(0);
        bench.board().write_all(&frame)?;
        page.wait_for_saved_octets(frame.len()).await?;
        assert_eq!(page.export_octets(bench).await?, frame);
        page.click("#disconnect-button").await?;
        page.wait_for_connection(Connection::Closed).await?;
        assert_eq!(bench.board().with_terminal(PseudoTerminal::take_sent)?, b"");
        Ok(())
    })
    .await
}

/// How a board's own side of the plug is set.
fn usb() -> LineSettings {
    Meter::P1.settings()
}

async fn forwarder(steps: impl AsyncFnOnce(&Bench, &Page, &VirtualForwarder) -> Outcome) -> Outcome {
    live_scenario(async |bench, page| {
        let board = VirtualForwarder::start(bench.board());
        steps(bench, page, &board).await
    })
    .await
}

async fn connect(page: &Page, preset: &str) -> Outcome {
    page.connect(preset).await?;
    page.wait_for_connection(Connection::Open).await
}
