//! The harness itself, on a page that does nothing but read: what fails here is no fault of Meterscope's page.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use meterscope_capture::line_settings::LineSettings;
use meterscope_e2e::numbered::Numbered;
use meterscope_e2e::{Bench, Meter, Outcome, Page, Picker, report};

const OPEN_8E1: &str = "start({ baudRate: 2400, parity: 'even', bufferSize: 16384 })";
const OPEN_FAST: &str = "start({ baudRate: 921600, bufferSize: 16384 })";

#[tokio::test]
async fn octets_arrive_as_they_were_written_and_the_line_is_set_as_asked() -> Outcome {
    counting(async |bench, page| {
        assert!(ports(page).await? == 0, "nobody has chosen a port yet");
        open(page, OPEN_8E1).await?;
        let line = bench.board().wait_for_line(LineSettings::MBUS).await?;
        assert!(line.marks_errors && line.checks_input, "{line:?}");
        let octets: Vec<u8> = (0..=255).cycle().take(4096).collect();
        bench.board().write_all(&octets)?;
        page.wait_until("counter.count >= 4096").await?;
        assert_eq!(page.evaluate::<Vec<u8>>("counter.kept").await?, octets);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn errors_of_parity_and_breaks_are_told_and_reading_goes_on() -> Outcome {
    counting(async |bench, page| {
        open(page, OPEN_8E1).await?;
        bench.board().wait_for_line(LineSettings::MBUS).await?;
        bench.board().with_terminal(|terminal| {
            terminal.expect_marks()?;
            terminal.write_all(&[1, 0xFF, 0, 2, 3])
        })?;
        page.wait_until("counter.errors.length === 1 && counter.count >= 2").await?;
        bench.board().write_all(&[4, 0xFF, 0, 0, 5, 0xFF, 0xFF])?;
        page.wait_until("counter.errors.length === 2 && counter.count >= 5").await?;
        assert_eq!(page.evaluate::<Vec<String>>("counter.errors").await?, ["ParityError", "BreakError"]);
        assert_eq!(page.evaluate::<Vec<u8>>("counter.kept").await?, [1, 3, 4, 5, 0xFF]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_meter_is_as_slow_as_the_wire_and_as_wrong_as_the_settings() -> Outcome {
    counting(async |bench, page| {
        open(page, OPEN_8E1).await?;
        bench.board().wait_for_line(LineSettings::MBUS).await?;
        let meter = Meter::Kaifa.start(bench.board());
        let frame = Meter::Kaifa.octets(0);
        let start = Instant::now();
        page.wait_until("counter.count >= 244").await?;
        // Two frames of 122 octets of eleven bits and the silence between, less what had passed before.
        assert!(start.elapsed() > Duration::from_millis(1200), "{:?}", start.elapsed());
        let delivered = meter.silence().await?;
        page.wait_until(&format!("counter.count === {}", delivered.len())).await?;
        assert_eq!(page.evaluate::<Vec<u8>>("counter.kept").await?, delivered);
        assert!(delivered.windows(frame.len()).any(|window| window == frame));

        // Read without parity, every octet with an even number of ones has no stop bit and is left out.
        page.evaluate::<()>("stop()").await?;
        page.evaluate::<()>("start({ baudRate: 2400 })").await?;
        let meter = Meter::Kaifa.start(bench.board());
        meter.wait_for_delivered(60).await?;
        let delivered = meter.silence().await?;
        page.wait_until(&format!("counter.count >= {}", delivered.len())).await?;
        let kept: Vec<u8> = page.evaluate("counter.kept").await?;
        assert!(kept.iter().all(|octet| octet.count_ones() % 2 == 1), "{kept:02X?}");
        assert_eq!(kept, delivered);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_pulled_plug_is_an_event_and_so_is_its_return() -> Outcome {
    counting(async |bench, page| {
        open(page, OPEN_8E1).await?;
        bench.board().wait_for_line(LineSettings::MBUS).await?;
        for round in 1..=3 {
            bench.board().write_all(&[1, 2, 3])?;
            page.wait_until("counter.count === 3").await?;
            bench.board().unplug()?;
            page.wait_until(&format!("counter.errors.length === {round}")).await?;
            page.wait_until(&format!("counter.events.length === {}", 2 * round - 1)).await?;
            assert_eq!(ports(page).await?, 0);
            bench.board().plug()?;
            page.wait_until(&format!("counter.events.length === {}", 2 * round)).await?;
            assert_eq!(ports(page).await?, 1);
            page.evaluate::<()>("(async () => { counter.port = (await navigator.serial.getPorts())[0]; })()")
                .await?;
            page.evaluate::<()>(OPEN_8E1).await?;
            bench.board().wait_for_line(LineSettings::MBUS).await?;
        }
        let events: Vec<String> = page.evaluate("counter.events").await?;
        assert_eq!(events, ["disconnect", "connect"].repeat(3));
        assert_eq!(page.evaluate::<Vec<String>>("counter.errors").await?, ["NetworkError"; 3]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_permission_that_is_taken_away_ends_the_port() -> Outcome {
    counting(async |bench, page| {
        open(page, OPEN_8E1).await?;
        bench.board().wait_for_line(LineSettings::MBUS).await?;
        page.revoke_permission().await?;
        page.wait_until("counter.port.readable === null").await?;
        assert_eq!(ports(page).await?, 0);
        page.reload().await?;
        assert_eq!(ports(page).await?, 0, "the browser has forgotten it as well");
        page.click("#ask").await?;
        page.wait_until("counter.errors.length === 1").await?;
        assert_eq!(page.evaluate::<Vec<String>>("counter.errors").await?, ["NotFoundError"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_permission_that_ends_with_the_plug_comes_back_by_asking() -> Outcome {
    counting(async |bench, page| {
        open(page, OPEN_8E1).await?;
        bench.board().wait_for_line(LineSettings::MBUS).await?;
        bench.board().unplug()?;
        page.wait_until("counter.events.length === 1").await?;
        page.forget_permission().await?;
        bench.board().plug()?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(page.evaluate::<usize>("counter.events.length").await?, 1, "nobody tells of the board");
        assert_eq!(ports(page).await?, 0);
        page.click("#ask").await?;
        page.wait_until("localStorage.getItem('harness-port-chosen') !== null").await?;
        assert_eq!(ports(page).await?, 1);
        page.cancel_picker(true).await?;
        page.evaluate::<()>("void (counter.errors.length = 0)").await?;
        page.click("#ask").await?;
        page.wait_until("counter.errors[0] === 'NotFoundError'").await
    })
    .await
}

#[tokio::test]
async fn a_port_that_another_program_has_cannot_be_opened() -> Outcome {
    counting(async |bench, page| {
        bench.board().with_terminal(|terminal| terminal.occupy(true))?;
        page.click("#ask").await?;
        page.wait_until("counter.port").await?;
        page.evaluate::<()>(OPEN_8E1).await?;
        assert_eq!(page.evaluate::<Vec<String>>("counter.errors").await?, ["NetworkError"]);
        bench.board().with_terminal(|terminal| terminal.occupy(false))?;
        page.evaluate::<()>(OPEN_8E1).await?;
        bench.board().wait_for_line(LineSettings::MBUS).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_web_serial_there_is_no_trace_of_it() -> Outcome {
    let bench = Bench::new(&counter())?;
    bench
        .browse(Picker::Missing, async |page| {
            assert!(page.evaluate::<bool>("!('serial' in navigator) && !('Serial' in window)").await?);
            Ok(())
        })
        .await
}

#[tokio::test]
async fn a_megabyte_a_second_arrives_whole() -> Outcome {
    counting(async |bench, page| {
        page.evaluate::<()>("void (counter.keeps = false)").await?;
        open(page, OPEN_FAST).await?;
        let numbered = Numbered { octets: 30_000_000, octets_per_s: 1_000_000 };
        let start = Instant::now();
        let board = bench.board().clone();
        tokio::task::spawn_blocking(move || numbered.write(&board)).await??;
        report(&format!("30 MB written in {:.1} s", start.elapsed().as_secs_f64()))?;
        page.wait_until("counter.count >= 30000000").await?;
        assert_eq!(page.evaluate::<u64>("counter.count").await?, 30_000_000);
        assert_eq!(page.evaluate::<Option<u64>>("counter.wrong").await?, None);
        assert_eq!(page.evaluate::<Vec<String>>("counter.errors").await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

async fn counting(steps: impl AsyncFnOnce(&Bench, &Page) -> Outcome) -> Outcome {
    let bench = Bench::new(&counter())?;
    bench.browse(Picker::First, async |page| steps(&bench, page).await).await
}

/// Asks for the port as a person does, and opens it.
async fn open(page: &Page, open: &str) -> Outcome {
    page.click("#ask").await?;
    page.wait_until("counter.port").await?;
    page.evaluate::<()>(open).await
}

async fn ports(page: &Page) -> Outcome<usize> {
    page.evaluate("(await navigator.serial.getPorts()).length").await
}

fn counter() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/counter"))
}
