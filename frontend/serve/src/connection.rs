use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::policy::CONTENT_SECURITY_POLICY;
use crate::site::{Answer, Site};

/// No browser sends a longer head.
const LONGEST_HEAD: u64 = 16 * 1024;
/// A connection that a browser opened without need ends after this.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads one request, answers it and closes the connection.
pub fn serve(stream: TcpStream, site: &Site) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(stream.take(LONGEST_HEAD));
    let mut request = String::new();
    head.read_line(&mut request)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 0 && !line.trim().is_empty() {
        line.clear();
    }
    let mut words = request.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let answer = site.answer(method, target);
    write(&mut head.into_inner().into_inner(), &answer, method != "HEAD")
}

fn write(stream: &mut TcpStream, answer: &Answer, with_body: bool) -> io::Result<()> {
    let Answer { status, content_type, body } = answer;
    let head = format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: {content_type}\r\n\
         Content-Length: {}\r\n\
         Content-Security-Policy: {CONTENT_SECURITY_POLICY}\r\n\
         Cache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Referrer-Policy: no-referrer\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if with_body {
        stream.write_all(body)?;
    }
    stream.flush()
}
