package registrar

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"

	"lisgate/gateway/lis"
)

// fileTrouble is trouble with a file of an exchange. Final trouble stays
// however often the file is fetched.
type fileTrouble struct {
	err   error
	final bool
}

func (t *fileTrouble) Error() string { return t.err.Error() }
func (t *fileTrouble) Unwrap() error { return t.err }

// fetch copies a file to the disk and checks it whole, because nothing of a
// file with a wrong size or checksum may be applied. It returns the copy, at
// its beginning, and a checksum of ours to know it again by.
func (r *Registrar) fetch(ctx context.Context, df *lis.BulkDataFile) (*os.File, string, error) {
	src, err := r.Bulk.Open(ctx, strings.TrimSpace(df.URL))
	if err != nil {
		return nil, "", &fileTrouble{fmt.Errorf("open %s: %w", df.URL, err), isRefusal(err)}
	}
	defer src.Close()
	f, err := os.CreateTemp(r.Bulk.TempDir, "lisgate-bulk-*")
	if err != nil {
		return nil, "", &fileTrouble{fmt.Errorf("keep %s: %w", df.URL, err), false}
	}
	sum, err := r.spool(f, src, df)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		drop(f)
		return nil, "", &fileTrouble{fmt.Errorf("fetch %s: %w", df.URL, err), isRefusal(err)}
	}
	return f, sum, nil
}

func (r *Registrar) spool(f *os.File, src io.Reader, df *lis.BulkDataFile) (string, error) {
	check, err := checkSum(df)
	if err != nil {
		return "", err
	}
	most := r.Bulk.MaxBytes
	if df.TotalSize != nil {
		most = min(most, *df.TotalSize)
	}
	own := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, own, check), io.LimitReader(src, most+1))
	switch {
	case err != nil:
		return "", err
	case df.TotalSize != nil && n != *df.TotalSize:
		return "", refuse(lis.Invalid, fmt.Sprintf("totalSize says %d bytes, but the file has %s; announce it anew, under another transactionId, when it is whole",
			*df.TotalSize, sizeFound(n, most)))
	case n > most:
		return "", refuse(lis.TooLarge, fmt.Sprintf("the file has more than %d bytes; split the extract into several files", most))
	}
	if want := plainSum(df); want != "" && want != hex.EncodeToString(check.Sum(nil)) {
		return "", refuse(lis.Invalid, "the checkSum is "+want+", but the file has "+hex.EncodeToString(check.Sum(nil))+
			"; nothing of it was applied; announce it anew, under another transactionId, when it is whole")
	}
	return hex.EncodeToString(own.Sum(nil)), nil
}

func sizeFound(n, most int64) string {
	if n > most {
		return "more"
	}
	return fmt.Sprint(n)
}

func plainSum(df *lis.BulkDataFile) string { return strings.ToLower(strings.TrimSpace(df.CheckSum)) }

// checkSum returns the function that a checksum was made with, told by its
// length; without one, any.
func checkSum(df *lis.BulkDataFile) (hash.Hash, error) {
	sum := plainSum(df)
	if _, err := hex.DecodeString(sum); err != nil {
		return nil, refuse(lis.Invalid, "checkSum "+quote(sum)+" is not hexadecimal; send an MD5, SHA-1 or SHA-256 sum")
	}
	switch len(sum) {
	case 2 * md5.Size:
		return md5.New(), nil
	case 2 * sha1.Size:
		return sha1.New(), nil
	case 0, 2 * sha256.Size:
		return sha256.New(), nil
	}
	return nil, refuse(lis.Invalid, "checkSum "+quote(sum)+" has no length of an MD5, SHA-1 or SHA-256 sum; send one of those")
}
