package main
import ("testing";"os")
func TestProf(t *testing.T){ if os.Getenv("PROF")=="" {t.Skip()}
out,err:=verb(t,t.Context(),"demo","--exit"); t.Log(out,err)}
